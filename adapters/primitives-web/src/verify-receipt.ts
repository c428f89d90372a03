import { type ReceiptVerdict, verifyReceipt } from '@lantai/log';
import { sha256 } from '@noble/hashes/sha2.js';
import { webPrimitives } from './web-primitives.ts';

/** Bytes hashed between two yields to the page. */
const SLICE_BYTES = 4 * 1024 * 1024;

/**
 * Checks a receipt in the browser, against nothing but the log's public keys; the file never leaves the machine and is read a slice at a
 * time, so its size does not matter. Never rejects for a bad receipt or key; rejects when the file cannot be read.
 * @param logKeys verifier keys of the logs that are believed, Ed25519 or SM2
 * @param file a dropped file, or bytes
 */
export async function verifyReceiptInBrowser(question: {
  receiptText: string;
  logKeys: readonly string[];
  file?: Blob | Uint8Array;
}): Promise<ReceiptVerdict> {
  const { receiptText, logKeys, file } = question;
  if (!file) return verifyReceipt(webPrimitives, { receiptText, logKeys });
  return verifyReceipt(webPrimitives, { receiptText, logKeys, fileSha256: await sha256Of(file) });
}

async function sha256Of(file: Blob | Uint8Array): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return sha256(file);
  const digest = sha256.create();
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    digest.update(new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer()));
  }
  return digest.digest();
}
