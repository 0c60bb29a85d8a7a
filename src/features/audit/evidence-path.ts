/** Which paths of an audit run may name evidence: plain names below the root, that every unpacker takes for the same. */

const longest = 512

/**
 * False for absolute paths, drive letters, backslashes, empty and dot segments, control characters, and percent codes
 * of any of these. Nothing is decoded later; the codes are refused because an unpacker might.
 */
export function isEvidencePath(path: string): boolean {
  if (path.length > longest || !path.isWellFormed() || /[\p{Cc}\p{Cf}\\]|^[a-z]:/iu.test(path)) return false
  if (/%(2e|2f|5c|[01][0-9a-f]|7f)/i.test(path)) return false
  return path.split('/').every((segment) => segment.trim() !== '' && segment !== '.' && segment !== '..')
}
