/** Serves the console's built files from the Worker's `[assets]`; the platform compresses them. */
import type { ConsoleFiles } from '../../ports/index.ts'

export const consoleFiles =
  (assets: Pick<Fetcher, 'fetch'>): ConsoleFiles =>
  async (name) => {
    const response = await assets.fetch(new URL(name, 'https://assets.local/'))
    const etag = response.headers.get('etag')
    if (response.status !== 200 || !response.body || !etag) return null
    return { bytes: response.body as ReadableStream<Uint8Array>, etag }
  }
