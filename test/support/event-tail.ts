/** Plays events fast to a console that follows them, weighs its heap, and scrolls its tail. */
import { expect } from 'vitest'
import type { ConsolePage } from './browser.ts'
import type { Scene } from './console-scene.ts'

const batchSize = 100

/** Posts so many hundreds of events, and waits until the page shows the last one. */
export async function playEvents({ post }: Scene, { page }: ConsolePage, batches: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const one = { source: 'probe', type: 'burst.one' }
    const burst = Array.from({ length: batchSize }, (_, n) => ({ ...one, payload: { message: `${batch} ${n}` } }))
    expect((await post('/events/ingest/batch', burst)).status).toBe(200)
  }
  const message = `the last of ${batches}`
  expect((await post('/events/ingest', { source: 'probe', type: 'burst.last', payload: { message } })).status).toBe(200)
  await page.locator('.tail-row').filter({ hasText: message }).first().waitFor()
}

/** In bytes, of what can be reached. */
export async function heapOf({ context, page }: ConsolePage): Promise<number> {
  const debug = await context.newCDPSession(page)
  await debug.send('HeapProfiler.collectGarbage')
  const { usedSize } = await debug.send('Runtime.getHeapUsage')
  await debug.detach()
  return usedSize
}

export interface Scrolled {
  framesPerSecond: number
  /** Elements that existed at once. */
  mostRows: number
  /** Of every tenth frame: those in which a part of the tail was empty. */
  emptyFrames: number
}

/** A frame moves the tail by one and a half rows, down and up again. */
export const scrollTail = ({ page }: ConsolePage, frames: number): Promise<Scrolled> =>
  page.evaluate<Scrolled>(`(async () => {
    const tail = document.querySelector('.tail')
    const { left, top, width, height } = tail.getBoundingClientRect()
    const hasRowAt = (y) => document.elementFromPoint(left + width / 2, y)?.closest('.tail-row') != null
    let [mostRows, emptyFrames] = [0, 0]
    const began = performance.now()
    for (let frame = 0; frame < ${frames}; frame++) {
      tail.scrollTop += frame < ${frames} / 2 ? 57 : -57
      await new Promise(requestAnimationFrame)
      if (frame % 10 !== 0) continue
      mostRows = Math.max(mostRows, tail.querySelectorAll('.tail-row').length)
      if (![20, height / 2, Math.min(height, innerHeight - top) - 20].every((y) => hasRowAt(top + y))) emptyFrames++
    }
    return { framesPerSecond: (${frames} * 1000) / (performance.now() - began), mostRows, emptyFrames }
  })()`)
