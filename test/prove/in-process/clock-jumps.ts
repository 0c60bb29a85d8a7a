/** Loaded into a gateway by `--import`: sets its wall clock back and forth every CLOCK_JUMP_MS, by hours and by years. */
const dayMs = 86_400_000
const jumps = [-90 * dayMs, 0, -dayMs / 12, 0, dayMs / 12, 0, 3650 * dayMs, 0]
let turn = 0
let offset = 0

const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given: []) {
    if (given.length === 0) super(RealDate.now() + offset)
    else super(...given)
  }

  static override now(): number {
    return RealDate.now() + offset
  }
} as DateConstructor

setInterval(
  () => {
    offset = jumps[turn++ % jumps.length] ?? 0
  },
  Number(process.env.CLOCK_JUMP_MS ?? 15_000),
).unref()
