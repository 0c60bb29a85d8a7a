/** One case: what a caller writes on one connection, and what the upstream will do, from a seed and a number. */
import { type AnswerPlan, earlyAnswer, honestAnswer, wildAnswer } from './answers.ts'
import type { CallerPlan } from './conversation.ts'
import { type Dice, diceFor } from './dice.ts'
import type { Runtime } from './ledger.ts'
import { mutate } from './mutations.ts'
import { type Reading, type ReadRequest, readRequests } from './read-message.ts'
import { makeRequest, writeRequest } from './requests.ts'

/** Whose bytes go wrong. */
export type Kind = 'requests' | 'answers'

export interface FuzzCase {
  kind: Kind
  number: number
  /** Requests that were written, before anything was done to them. */
  written: number
  caller: CallerPlan
  /** What its bytes say, by the letter. */
  reading: Reading<ReadRequest>
  /** One for each request of the reading. */
  plans: AnswerPlan[]
  /** What was done to the requests. */
  how: string[]
}

export function makeCase(kind: Kind, seed: number, number: number, token: string, runtime: Runtime): FuzzCase {
  const dice = diceFor(seed ^ (kind === 'answers' ? 0x5bd1e995 : 0), number)
  const written = Number(dice.weighted({ 1: 6, 2: 2, 3: 1, 5: 1 }))
  const parts = Array.from({ length: written }, (_, i) =>
    writeRequest(makeRequest(dice, `${number}-${i}-${dice.text(6)}`, token)),
  )
  const how: string[] = []
  if (kind === 'requests' && dice.chance(0.6)) {
    const index = dice.int(written)
    const changed = mutate(dice, parts[index] as Buffer)
    parts[index] = changed.bytes
    how.push(...changed.how)
  }
  const caller = callerFor(dice, Buffer.concat(parts))
  const reading = readRequests(Buffer.concat(caller.pieces), runtime)
  const plans = reading.messages.map(({ method }, i) => planFor(kind, dice, `${number}.${i}`, method))
  return { kind, number, written, caller, reading, plans, how }
}

function callerFor(dice: Dice, bytes: Buffer): CallerPlan {
  const leaves = dice.weighted({ 'after answers': 86, 'after sending': 7, 'at first byte': 7 })
  const sent = leaves === 'after sending' ? bytes.subarray(0, dice.int(bytes.length + 1)) : bytes
  const pieces = dice.cut(sent, dice.pick([1, 1, 2, 3, 6]))
  return { pieces, pauses: pieces.map(() => (dice.chance(0.1) ? 1 + dice.int(4) : 0)), leaves }
}

function planFor(kind: Kind, dice: Dice, name: string, method: string): AnswerPlan {
  const weights = kind === 'requests' ? { honest: 92, early: 8, wild: 0 } : { honest: 15, early: 10, wild: 75 }
  return { honest: honestAnswer, early: earlyAnswer, wild: wildAnswer }[dice.weighted(weights)](dice, name, method)
}

/** All goes well on both sides: then nothing but the exact answers will do. */
export const isClean = ({ kind, how, reading, caller, plans }: FuzzCase): boolean =>
  kind === 'requests' &&
  how.length === 0 &&
  caller.leaves === 'after answers' &&
  plans.every(({ when }) => when === 'complete') &&
  reading.messages.every(({ method, target, body, fields }) => {
    const named = fields.map(([name]) => name)
    const mustEnd =
      named.includes('upgrade') || fields.some(([name, value]) => name === 'connection' && value === 'close')
    return !mustEnd && !/[\x80-\xff]/.test(target) && !(body.length > 0 && (method === 'GET' || method === 'HEAD'))
  })
