/** Which evidence paths are allowed: plain names below the root that every unpacker reads alike. */

const longest = 512

/**
 * False for absolute paths, drive letters, backslashes, empty and dot segments, control characters, and percent codes
 * of any of these. Nothing here decodes them; they are refused because an unpacker might.
 */
export function isEvidencePath(path: string): boolean {
  if (path.length > longest || !path.isWellFormed() || /[\p{Cc}\p{Cf}\\]|^[a-z]:/iu.test(path)) return false
  if (/%(2e|2f|5c|[01][0-9a-f]|7f)/i.test(path)) return false
  return path.split('/').every((segment) => segment.trim() !== '' && segment !== '.' && segment !== '..')
}
