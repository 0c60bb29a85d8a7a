/** The formats of ids that callers choose. Every id is valid as one path segment. */
import * as v from 'valibot'

export interface IdForm {
  pattern: RegExp
  /** The pattern in words, for error messages. */
  words: string
}

/** Needs no escaping in headers, log lines, JSON and paths. */
export const correlationIdForm: IdForm = {
  pattern: /^(?!\.{1,2}$)[A-Za-z0-9._:@+=-]{1,128}$/,
  words: 'Expected 1 to 128 letters, digits or any of . _ : @ + = - and not . or ..',
}

/** Percent-encoded in paths, where a segment that begins with dots and a semicolon is refused as a dot segment. */
const sessionIdForm: IdForm = {
  // Written without \p, which not every reader of the OpenAPI document knows.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes them
  pattern: /^(?!\.{1,2}(?:;|$))[^\x00-\x1f\x7f-\x9f\ud800-\udfff/?#%\\]{1,64}$/u,
  words:
    'Expected 1 to 64 characters, no controls and none of / ? # % \\, and no . or .. that ends or has a ; behind it',
}

/** An empty string counts as absent, because v7's clients send it. */
export const OptionalSessionId = v.nullish(
  v.union([
    v.pipe(
      v.literal(''),
      v.transform(() => null),
    ),
    v.pipe(v.string(), v.regex(sessionIdForm.pattern, sessionIdForm.words)),
  ]),
)

/** Earlier versions also accepted slashes, so stored ids may contain them. */
export const storedCorrelationId = /^[A-Za-z0-9._:@/+=-]{1,128}$/

export const isSafeCorrelationId = (id: string | undefined): id is string =>
  id !== undefined && correlationIdForm.pattern.test(id)
