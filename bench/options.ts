/** What the command line asks for. */
import { parseArgs } from 'node:util'
import { caseNames } from './cases.ts'

export interface Options {
  /** Short rounds that show that everything runs; they say nothing, and are not kept. */
  quick: boolean
  cases: readonly string[]
  /** Whether to measure the start. */
  start: boolean
  rounds: number
  seconds: number
  warmUpSeconds: number
  /** Of the same load before each round: while others had their turn, a target gave memory back. */
  leadInSeconds: number
  /** Until memory has settled after the start. */
  idleSeconds: number
  streams: number
  /** For how long events go from one instance to another. */
  acrossSeconds: number
  /** Of the database that the operator's views read. */
  rows: number
  /** For each of the views. */
  viewMs: number
  /** For /health without maintenance, before and after it. */
  stretchMs: number
  /** The folder of another version of this project to drive beside this one. */
  baseline: string | null
}

const choices = ['start', ...caseNames]

/** Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      baseline: { type: 'string' },
    },
  })
  const { quick, only = choices, baseline = null } = values
  const unknown = only.filter((name) => !choices.includes(name))
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; there are ${choices.join(', ')}`)
  const seconds = wholeNumber('seconds', values.seconds ?? (quick ? '1' : '3'))
  return {
    quick,
    cases: caseNames.filter((name) => only.includes(name)),
    start: only.includes('start'),
    rounds: wholeNumber('rounds', values.rounds ?? (quick ? '1' : '5')),
    seconds,
    warmUpSeconds: quick ? 0 : 6,
    leadInSeconds: quick ? 0 : 1,
    idleSeconds: quick ? 0 : 4,
    streams: quick ? 100 : 500,
    acrossSeconds: quick ? 2 : 10,
    rows: quick ? 20_000 : 1_150_000,
    viewMs: quick ? 100 : seconds * 1000,
    stretchMs: quick ? 1000 : 15_000,
    baseline,
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 600) throw new Error(`--${name} takes a number from 1 to 600`)
  return number
}
