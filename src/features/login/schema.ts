/** The login request; the response is the operator backend's own. */
import * as v from 'valibot'

const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(256))

export const Login = v.object({ username: Word, password: Word })
export type Login = v.InferOutput<typeof Login>
