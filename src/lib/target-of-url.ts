/** The raw path and query of an absolute URL; a URL parser would normalise them. */
export function targetOfUrl(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash < 0 ? '/' : url.slice(slash)
}
