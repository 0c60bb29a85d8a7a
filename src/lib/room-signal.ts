/** Waits with a timeout for free space in a buffer. */
import type { Sleeper } from './with-timeout.ts'

export class RoomSignal {
  readonly #clock: Sleeper
  readonly #hasRoom: () => boolean
  #changed = () => {}

  constructor(clock: Sleeper, hasRoom: () => boolean) {
    this.#clock = clock
    this.#hasRoom = hasRoom
  }

  /** Call this when there may be room, or when waiting has become pointless and `hasRoom` returns true. */
  changed(): void {
    this.#changed()
  }

  /** True when there is room; false if there is none after `timeoutMs`. */
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
