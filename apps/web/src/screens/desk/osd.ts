import OpenSeadragon from 'openseadragon';
import type { Schemas } from '../../api/client.ts';

/** Maps pixels of the upright page to pixels of the stage: the six numbers of an SVG `matrix()`. */
export type StageMatrix = readonly [number, number, number, number, number, number];

/** A deep-zoom viewer of one page. */
export interface PageStage {
  /** Shows a page: the base of its IIIF Image API 3 service, and what that says of itself. */
  open(iiif: string, image: Schemas['ImageInfo']): void;
  zoomBy(factor: number): void;
  /** To so many pixels of the screen for one of the page: 8 is 800 %. */
  zoomTo(ratio: number): void;
  /** Brings a box of the page close, with what stands around it. */
  frame(box: readonly number[]): void;
  fit(): void;
  /** As wide as the stage, from the upper edge on. */
  fitWidth(): void;
  turn(): void;
  /** Brings a box of the page into sight when it is not. */
  show(box: readonly number[]): void;
  /** The pixel of the page at a point of the window. */
  pixelAt(clientX: number, clientY: number): { x: number; y: number } | null;
  close(): void;
}

interface StageEvents {
  onMove(matrix: StageMatrix): void;
  onClick(pixel: { x: number; y: number }): void;
  /** The zoom was changed: pixels of the screen for one of the page. */
  onZoom?(ratio: number): void;
  /** The first tile of the page that was opened has come. */
  onShown(): void;
  /** The leave to look has expired, or the server cannot be reached. */
  onTileRefused(): void;
}

function matrixOf(viewer: OpenSeadragon.Viewer): StageMatrix | null {
  const item = viewer.world.getItemAt(0);
  if (!item) return null;
  const at = (x: number, y: number) => item.imageToViewerElementCoordinates(new OpenSeadragon.Point(x, y));
  const [origin, right, down] = [at(0, 0), at(1000, 0), at(0, 1000)];
  return [
    (right.x - origin.x) / 1000,
    (right.y - origin.y) / 1000,
    (down.x - origin.x) / 1000,
    (down.y - origin.y) / 1000,
    origin.x,
    origin.y,
  ];
}

function listen(viewer: OpenSeadragon.Viewer, events: StageEvents): void {
  const moved = () => {
    const matrix = matrixOf(viewer);
    if (matrix) events.onMove(matrix);
  };
  for (const name of ['open', 'update-viewport', 'resize', 'rotate'] as const) viewer.addHandler(name, moved);
  const told = (zoom: number) => {
    const item = viewer.world.getItemAt(0);
    if (item) events.onZoom?.(item.viewportToImageZoom(zoom));
  };
  viewer.addHandler('zoom', (event) => told(event.zoom));
  viewer.addHandler('open', () => told(viewer.viewport.getZoom()));
  viewer.addHandler('open', () => viewer.addOnceHandler('tile-loaded', () => events.onShown()));
  viewer.addHandler('tile-load-failed', () => events.onTileRefused());
  viewer.addHandler('open-failed', () => events.onTileRefused());
  // The keys belong to the desk: OpenSeadragon would take w, a, s, d and r.
  viewer.addHandler('canvas-key', (event) => {
    event.preventDefaultAction = true;
  });
  viewer.addHandler('canvas-click', (event) => {
    const item = viewer.world.getItemAt(0);
    if (!event.quick || !item) return;
    const pixel = item.viewerElementToImageCoordinates(event.position);
    events.onClick({ x: pixel.x, y: pixel.y });
  });
}

/** The part of the page that fills the width of the stage: from its upper edge, or about its middle when the view is turned on its side. */
function widthBounds({ viewport, world }: OpenSeadragon.Viewer): OpenSeadragon.Rect {
  const page = world.getHomeBounds();
  const aspect = viewport.getAspectRatio();
  if (viewport.getRotation() % 360 === 0) return new OpenSeadragon.Rect(page.x, page.y, page.width, page.width / aspect);
  const width = viewport.getRotation() % 180 ? page.height : page.width;
  const middle = page.getCenter();
  return new OpenSeadragon.Rect(middle.x - width / 2, middle.y - width / aspect / 2, width, width / aspect);
}

/** Pixels of the screen for one of the page, at most: reading asks for no more. */
const MAX_RATIO = 3;

/** Puts a viewer into an element. @param maxRatio how far it magnifies: 8 is 800 % */
export function createPageStage(element: HTMLElement, events: StageEvents, maxRatio = MAX_RATIO): PageStage {
  const viewer = new OpenSeadragon.Viewer({
    // Paper, until the first tile is there.
    placeholderFillStyle: '#f3efe4',
    element,
    drawer: 'canvas',
    showNavigationControl: false,
    showNavigator: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    animationTime: 0.25,
    springStiffness: 12,
    visibilityRatio: 0.4,
    maxZoomPixelRatio: maxRatio,
    // A magnified stroke is to be seen as it was scanned, not smoothed.
    imageSmoothingEnabled: maxRatio <= MAX_RATIO,
    minZoomImageRatio: 0.7,
    tabIndex: -1,
  });
  listen(viewer, events);
  return {
    // By the path alone: behind a proxy the server may take itself for another address.
    open: (iiif, image) => viewer.open({ tileSource: { ...image, id: iiif } }),
    zoomBy: (factor) => void viewer.viewport.zoomBy(factor).applyConstraints(),
    zoomTo(ratio) {
      const item = viewer.world.getItemAt(0);
      if (item) viewer.viewport.zoomTo(item.imageToViewportZoom(ratio)).applyConstraints();
    },
    frame(box) {
      const item = viewer.world.getItemAt(0);
      const [x = 0, y = 0, width = 0, height = 0] = box;
      if (!item) return;
      const place = item.imageToViewportRectangle(x - width / 2, y - height, width * 2, height * 3);
      viewer.viewport.fitBounds(place);
      const { zoom, centre } = { zoom: viewer.viewport.getZoom(), centre: place.getCenter() };
      const most = item.imageToViewportZoom(maxRatio);
      if (zoom > most) viewer.viewport.zoomTo(most, centre);
    },
    fit: () => void viewer.viewport.goHome(),
    fitWidth: () => void viewer.viewport.fitBounds(widthBounds(viewer)),
    turn: () => void viewer.viewport.setRotation((viewer.viewport.getRotation() + 90) % 360),
    show(box) {
      const item = viewer.world.getItemAt(0);
      const [x = 0, y = 0, width = 0, height = 0] = box;
      if (!item) return;
      const place = item.imageToViewportRectangle(x, y, width, height);
      const seen = viewer.viewport.getBounds();
      const isSeen =
        place.x >= seen.x &&
        place.y >= seen.y &&
        place.x + place.width <= seen.x + seen.width &&
        place.y + place.height <= seen.y + seen.height;
      if (!isSeen) viewer.viewport.panTo(place.getCenter());
    },
    pixelAt(clientX, clientY) {
      const item = viewer.world.getItemAt(0);
      const rect = element.getBoundingClientRect();
      if (!item) return null;
      const pixel = item.viewerElementToImageCoordinates(new OpenSeadragon.Point(clientX - rect.left, clientY - rect.top));
      return { x: pixel.x, y: pixel.y };
    },
    close: () => viewer.destroy(),
  };
}
