import type { Rgb } from '@lantai/reading';
import { type CornerMarks, findSheet, markCorners, type PaperName, type SheetSearch, SURE_01 } from '@lantai/reading/photo';

/** A photograph taken, and where the sheet lies on it. */
export interface Shot {
  readonly id: string;
  readonly file: File;
  /** For an `img`. */
  readonly url: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Null: the picture as it is becomes the page. */
  readonly corners: CornerMarks | null;
  /** As found, or as last moved. */
  readonly found: CornerMarks;
  readonly paper: PaperName | null;
  /** What the finder said: words for the person who checks the corners. */
  readonly said: 'sure' | 'unsure' | 'cut' | 'several' | 'none';
}

/** Pictures are looked at so large; live ones smaller, to be quick. */
const STILL_LONG_SIDE_PX = 1600;
const LIVE_LONG_SIDE_PX = 320;
/** Where no sheet was found, corners begin a tenth inside the picture. */
const INSET = 6554;
const DEFAULT_CORNERS: CornerMarks = [
  [INSET, INSET],
  [65_536 - INSET, INSET],
  [65_536 - INSET, 65_536 - INSET],
  [INSET, 65_536 - INSET],
];

/** The pixels of a picture or of the camera, no longer than so many pixels. */
function pixelsOf(source: CanvasImageSource, width: number, height: number, longSidePx: number): Rgb {
  const scale = Math.min(1, longSidePx / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws nothing');
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const out = new Uint8Array(canvas.width * canvas.height * 3);
  for (let i = 0, p = 0; p < data.length; p += 4, i += 3) out.set(data.subarray(p, p + 3), i);
  return { data: out, width: canvas.width, height: canvas.height };
}

/** What the camera shows now: the corners of a sheet, or null. */
export function lookAtVideo(video: HTMLVideoElement): CornerMarks | null {
  const image = pixelsOf(video, video.videoWidth, video.videoHeight, LIVE_LONG_SIDE_PX);
  const search = findSheet(image);
  return search.kind === 'found' && search.confidence01 >= SURE_01 / 2 ? markCorners(search.corners, image) : null;
}

function wordOf(search: SheetSearch): Shot['said'] {
  if (search.kind !== 'found') return search.kind;
  if (search.sidesCut > 0) return 'cut';
  return search.confidence01 >= SURE_01 ? 'sure' : 'unsure';
}

/** Makes a shot of a photograph: its bytes stay as they are. @throws DOMException when the file is no picture that the browser shows */
export async function makeShot(file: File, paper: PaperName | null): Promise<Shot> {
  // As it is shown: the turn that the file asks for is made.
  const bitmap = await createImageBitmap(file);
  const { width: widthPx, height: heightPx } = bitmap;
  const image = pixelsOf(bitmap, widthPx, heightPx, STILL_LONG_SIDE_PX);
  bitmap.close();
  const search = findSheet(image);
  const corners = search.kind === 'found' ? markCorners(search.corners, image) : DEFAULT_CORNERS;
  return {
    id: crypto.randomUUID(),
    file,
    url: URL.createObjectURL(file),
    widthPx,
    heightPx,
    corners,
    found: corners,
    paper,
    said: wordOf(search),
  };
}

/** A still of the camera: by its own photograph where it makes one, else the frame that is shown. */
export async function takePicture(video: HTMLVideoElement, track: MediaStreamTrack): Promise<File> {
  const blob = (await ownPhotograph(track)) ?? (await frameOf(video));
  return new File([blob], 'photo.jpg', { type: 'image/jpeg' });
}

interface PhotographingTrack {
  takePhoto(): Promise<Blob>;
}

async function ownPhotograph(track: MediaStreamTrack): Promise<Blob | null> {
  const Capture = (window as { ImageCapture?: new (track: MediaStreamTrack) => PhotographingTrack }).ImageCapture;
  if (!Capture) return null;
  try {
    const blob = await new Capture(track).takePhoto();
    return blob.type === 'image/jpeg' ? blob : null;
  } catch {
    // Cameras that offer photographs and then make none (UnknownError, InvalidStateError): the frame shown is taken instead.
    return null;
  }
}

function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.94),
  );
}

/** The same shots with one moved by so many places; unchanged at either end. */
export function moved(shots: readonly Shot[], id: string, by: -1 | 1): readonly Shot[] {
  const from = shots.findIndex((s) => s.id === id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= shots.length) return shots;
  const out = [...shots];
  [out[from], out[to]] = [out[to]!, out[from]!];
  return out;
}
