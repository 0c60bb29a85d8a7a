/** Whether a forecast is worth an alarm: raised by several near ones in a row, over only after a quiet time. */

export interface Alarm {
  isRaised: boolean
  /** Looks in a row that speak for a change. */
  looks: number
}

export const noAlarm: Alarm = { isRaised: false, looks: 0 }

const quietLooks = 10
/** What is this many horizons away is far. */
const farHorizons = 1.5

/** `inMs` until it is used up; null where nothing is predicted. */
export function nextAlarm(
  { isRaised, looks }: Alarm,
  inMs: number | null,
  { horizonMs, raiseAfter }: { horizonMs: number; raiseAfter: number },
): Alarm {
  const speaksForChange = isRaised
    ? inMs === null || inMs > farHorizons * horizonMs
    : inMs !== null && inMs <= horizonMs
  const inARow = speaksForChange ? looks + 1 : 0
  const isTurned = inARow >= (isRaised ? quietLooks : raiseAfter)
  return isTurned ? { isRaised: !isRaised, looks: 0 } : { isRaised, looks: inARow }
}
