/** One timer per exchange whose deadline can be extended without re-arming it. */

/** undici's own timers fire up to a second late (it ticks every 499 ms); this one is as precise as setTimeout. */
export class Deadline {
  #timer: NodeJS.Timeout
  #timerAt: number
  #at: number
  readonly #onPassed: () => void

  constructor(ms: number, onPassed: () => void) {
    this.#onPassed = onPassed
    this.#at = performance.now() + ms
    this.#timerAt = this.#at
    this.#timer = setTimeout(look, ms, this)
  }

  /** Sets the deadline to `ms` from now; extending it is only an assignment. */
  move(ms: number): void {
    this.#at = performance.now() + ms
    if (this.#at >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#arm(ms)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }

  look(): void {
    const remaining = this.#at - performance.now()
    if (remaining > 0.5) this.#arm(remaining)
    else this.#onPassed()
  }

  #arm(ms: number): void {
    this.#timerAt = this.#at
    this.#timer = setTimeout(look, Math.ceil(ms), this)
  }
}

const look = (deadline: Deadline) => deadline.look()
