import sharp from 'sharp';

/** Decoders a page may need. Everything else libvips could open (camera raw, PDF, matrices, files by name) stays shut. */
const ALLOWED = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif', 'Svg'].map((name) => `VipsForeignLoad${name}Buffer`);

/** Shuts every decoder but the allowed ones for this whole process, and keeps no decoded picture. Called once by a child. */
export function hardenDecoders(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ALLOWED });
}
