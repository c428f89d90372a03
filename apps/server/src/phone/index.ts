export {
  type CaptureLink,
  endLink,
  getHolder,
  getLink,
  LINK_LIFE_MS,
  LINK_UPLOADS_MAX,
  makeLink,
  openLink,
  type PhoneHolder,
} from './links.ts';
export { createPhotoUpload, getPhotoUpload, PHOTO_BYTES_MAX, type SentPhotograph, sendPhotographs } from './photographs.ts';
