// Saving what the page holds already, as a file under a name.
/** `after`: once the browser must have taken it all, at 5 MB a second. */
export function saveBlob(name: string, blob: Blob, after?: () => Promise<void>): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to have begun before the address goes.
  setTimeout(
    () => {
      URL.revokeObjectURL(url);
      void after?.();
    },
    60_000 + blob.size / 5_000,
  );
}

export function saveText(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: 'text/plain' }));
}
