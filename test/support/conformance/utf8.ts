/** Byte sequences on both sides of the border of UTF-8 (RFC 3629), by what they are. */

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

export const lawfulUtf8: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['ASCII', Buffer.from('Hello')],
  ['two, three and four bytes', Buffer.from('µ@ßöäüàá ✓ 𝄞')],
  ['Greek', Buffer.from('κόσμε')],
  ['the first of two bytes, U+0080', bytes('c2 80')],
  ['the last of two bytes, U+07FF', bytes('df bf')],
  ['the first of three bytes, U+0800', bytes('e0 a0 80')],
  ['the last before the surrogates, U+D7FF', bytes('ed 9f bf')],
  ['the first behind the surrogates, U+E000', bytes('ee 80 80')],
  ['the replacement character, U+FFFD', bytes('ef bf bd')],
  ['the non-characters U+FFFE and U+FFFF', bytes('ef bf be ef bf bf')],
  ['the first of four bytes, U+10000', bytes('f0 90 80 80')],
  ['the last of all, U+10FFFF', bytes('f4 8f bf bf')],
  ['a byte order mark in the middle', bytes('61 ef bb bf 62')],
]

export const unlawfulUtf8: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a lone continuation, 80', bytes('80')],
  ['a lone continuation, bf', bytes('bf')],
  ['seven continuations', bytes('80 bf 80 bf 80 bf 80')],
  ['a lead of two and a blank', bytes('c2 20')],
  ['a lead of three and a blank', bytes('e1 20')],
  ['a lead of four and a blank', bytes('f1 20')],
  ['three bytes of which the last is missing', bytes('e2 98')],
  ['four bytes of which the last is missing', bytes('f0 9f 98')],
  ['an overlong slash of two bytes', bytes('c0 af')],
  ['an overlong slash of three bytes', bytes('e0 80 af')],
  ['an overlong slash of four bytes', bytes('f0 80 80 af')],
  ['the overlong NUL of Java, c0 80', bytes('c0 80')],
  ['the longest overlong of two bytes', bytes('c1 bf')],
  ['the longest overlong of three bytes', bytes('e0 9f bf')],
  ['the longest overlong of four bytes', bytes('f0 8f bf bf')],
  ['the first surrogate, U+D800', bytes('ed a0 80')],
  ['the last surrogate, U+DFFF', bytes('ed bf bf')],
  ['a pair of surrogates', bytes('ed a0 bd ed b8 80')],
  ['behind the last of all, U+110000', bytes('f4 90 80 80')],
  ['a lead of five', bytes('f8 88 80 80 80')],
  ['a lead of six', bytes('fc 84 80 80 80 80')],
  ['fe', bytes('fe')],
  ['ff', bytes('ff')],
  ['lawful text with one edited byte', bytes('ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64')],
]
