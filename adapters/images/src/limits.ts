/** Pixels of one image at most: A0 at 300 dpi has 139.5 million, A3 at 600 dpi 69.6 million. More is a bomb or no page. */
export const MAX_IMAGE_PIXELS = 160_000_000;
/** Frames or directories of one image file at most. A longer one is refused: split it. */
export const MAX_IMAGE_FRAMES = 3000;
/** A page with a shorter side below this cannot be read; it is taken with the finding `image/tiny`. */
export const MIN_PAGE_SIDE_PX = 200;
/** A damaged image of which less than this share can be shown is refused. */
export const MIN_READABLE_SHARE01 = 0.1;
/** Quality of the JPEG made of a continuous-tone page that has no JPEG of its own; the original is kept beside it. */
export const DERIVED_JPEG_QUALITY = 90;
/** Resolutions a file's header is believed for, dpi. 72 and 96 are what software writes that does not know. */
export const BELIEVED_DPI: readonly [number, number] = [100, 2400];
/** A cut page of which at least this share is shown counts as damaged and not as incomplete: the loss lies in its bottom margin. */
export const WHOLE_SHARE01 = 0.97;
