/** Short forms of test/prove/console.test.ts: memory while events pass, and the tail while it is scrolled. */
import { expect, it } from 'vitest'
import { openConsole } from '../../support/browser.ts'
import { sceneToken } from '../../support/console-scene.ts'
import { heapOf, playEvents, scrollTail } from '../../support/event-tail.ts'
import type { Stage } from './stage.ts'

export function endurance(stage: () => Stage): void {
  it('keeps its memory while thousands of events pass, and draws what is in sight, however one scrolls', () =>
    stage().look('endurance', async () => {
      const { browser, scene } = stage()
      const other = await openConsole(browser, scene.gateway.url, { token: sceneToken })
      await other.show('events')
      await other.page.getByText('Live', { exact: true }).waitFor()
      await playEvents(scene, other, 5)
      const before = await heapOf(other)
      await playEvents(scene, other, 15)
      expect((await heapOf(other)) - before).toBeLessThan(30 * 1024 * 1024)
      const { mostRows, emptyFrames } = await scrollTail(other, 60)
      expect(emptyFrames).toBe(0)
      expect(mostRows).toBeLessThan(80)
      await other.close()
    }))
}
