/** The path that a `file:` URL names. */
export function filePath(url: string): string {
  const withoutScheme = url.replace(/^file:(\/\/[^/]*)?/, '').replace(/\?.*$/, '')
  return decodeURIComponent(withoutScheme)
}
