/** Hands bytes to the browser as a download. */
export function saveFile(bytes: Blob | string, name: string): void {
  const url = URL.createObjectURL(typeof bytes === 'string' ? new Blob([bytes], { type: 'text/plain' }) : bytes);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by the next task; keeping it would keep the bytes in memory.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
