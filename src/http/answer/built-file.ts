/** Answers with a file that the build wrote: the same for everybody, with an ETag, packed where the caller takes it. */
import type { Context } from 'hono'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { isNamed } from './revalidation.ts'

/** Null where the build wrote no such file. */
export async function builtFile(
  c: Context<AppEnv>,
  files: Deps['consoleFiles'],
  name: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | null> {
  const file = await files?.(name, { gzip: takesGzip(c) })
  if (!file) return null
  const all = { ...headers, etag: file.etag, ...(file.encoding && { 'content-encoding': file.encoding }) }
  return isNamed(c.req.header('if-none-match'), file.etag) ? c.body(null, 304, all) : c.body(file.bytes, 200, all)
}

const takesGzip = (c: Context) => /\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(c.req.header('accept-encoding') ?? '')
