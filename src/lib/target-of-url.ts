/** The path and query of an absolute URL, cut out as they stand: a URL parser would rewrite them. */
export function targetOfUrl(url: string): string {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash < 0 ? '/' : url.slice(slash)
}
