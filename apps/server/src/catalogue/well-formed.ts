import { utf8 } from '@lantai/values';

/** Text as UTF-8 can hold it: half of a surrogate pair becomes U+FFFD, so that what is kept is what is read again. */
export const wellFormed = (text: string): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8(text));
