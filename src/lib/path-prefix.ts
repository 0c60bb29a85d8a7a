/** True if a path equals a prefix or lies below it, by whole segments: `/ab` is not under `/a`. */
export const isUnder = (path: string, prefix: string): boolean =>
  path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/')
