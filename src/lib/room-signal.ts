/** Waits, within a time limit, for room in something that fills up. */
import type { Sleeper } from './with-timeout.ts'

export class RoomSignal {
  readonly #clock: Sleeper
  readonly #hasRoom: () => boolean
  #changed = () => {}

  constructor(clock: Sleeper, hasRoom: () => boolean) {
    this.#clock = clock
    this.#hasRoom = hasRoom
  }

  /** Call this when there may be room, or when nobody needs it any more and `hasRoom` says so. */
  changed(): void {
    this.#changed()
  }

  /** True when there is room; false when there is none after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<boolean> {
    if (this.#hasRoom()) return true
    const over = new AbortController()
    let isLate = false
    const late = () => {
      isLate = true
      this.#changed()
    }
    this.#clock.sleep(timeoutMs, over.signal).then(late, () => {})
    while (!isLate && !this.#hasRoom()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
    over.abort()
    return this.#hasRoom()
  }
}
