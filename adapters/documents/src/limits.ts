// Every limit a hostile file can meet. What passes one is refused with its number; what a limit cannot foresee, the child's own limits stop.

/** Bytes of one file. A multi-page colour TIFF of twenty uncompressed A4 pages has 520 MB. */
export const MAX_FILE_BYTES = 640_000_000;
/** Bytes of a PDF: it lies in memory twice while it is open. */
export const MAX_PDF_BYTES = 400_000_000;
/** Pages of one document. A longer one is split before it is brought in. */
export const MAX_PAGES = 3000;
/** Resolution at which drawn pages are rendered, dpi. */
export const RENDER_DPI = 300;
/** Resolution up to which a rendered scan follows its image. */
export const MAX_RENDER_DPI = 600;
/** Resolution below which a page is refused rather than rendered smaller still. */
export const MIN_RENDER_DPI = 72;
/** Pixels of one rendered page: A2 at 300 dpi has 34.8 million. Larger pages are rendered at a lower resolution, with a finding. */
export const MAX_RENDER_PIXELS = 40_000_000;
/** Bytes an image inside a document unpacks to. */
export const MAX_EMBEDDED_IMAGE_BYTES = 640_000_000;
/** Characters of text taken from one page. */
export const MAX_TEXT_CHARS = 200_000;

/** Members of one archive. */
export const MAX_ZIP_MEMBERS = 20_000;
/** Bytes all members unpack to. */
export const MAX_ZIP_TOTAL_BYTES = 8_000_000_000;
/** An archive unpacking to more than {@link ZIP_RATIO_FREE_BYTES} may not exceed its own size by more than this factor. */
export const MAX_ZIP_RATIO = 100;
/** Below this many unpacked bytes the factor is not asked: a blank black-and-white page shrinks a thousandfold. */
export const ZIP_RATIO_FREE_BYTES = 64_000_000;
/** Archives inside archives: none. A member that is an archive again is refused by itself. */
export const MAX_ZIP_DEPTH = 1;
/** Bytes of one member's path. */
export const MAX_ZIP_PATH_BYTES = 1024;

/** Bytes of one XML part of an OFD. */
export const MAX_XML_BYTES = 32_000_000;
/** Bytes all parts of an OFD unpack to. */
export const MAX_OFD_TOTAL_BYTES = 1_000_000_000;
/** Depth of nested XML elements, of composite objects and of seals holding documents. */
export const MAX_XML_DEPTH = 64;
/** Drawn objects of one page. */
export const MAX_PAGE_OBJECTS = 200_000;
