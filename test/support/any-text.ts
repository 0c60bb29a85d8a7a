/** Texts of any UTF-16 code units, lone surrogates among them; fast-check's own take seconds to prepare. */
import fc from 'fast-check'

const codeUnit = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0xffff }))

export const anyText = (constraints: fc.StringSharedConstraints = {}) =>
  fc.string({ unit: codeUnit.map((code) => String.fromCharCode(code)), ...constraints })
