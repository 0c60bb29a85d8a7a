/** Runs many cases over many connections at once, and reports each failure with the seed that repeats it. */
import type { Gateway } from '../gateways.ts'
import { token } from '../gateways.ts'
import { type FuzzCase, type Kind, makeCase } from './cases.ts'
import { converse } from './conversation.ts'
import { judge, methodsOf } from './judge.ts'
import { Ledger, type Runtime } from './ledger.ts'
import { fieldValue, readAnswers } from './read-message.ts'
import { startPlannedUpstream } from './upstream.ts'

export interface FuzzRun {
  runtime: Runtime
  startGateway: (env: Record<string, string>) => Promise<Gateway>
  kind: Kind
  seed: number
  /** Requests to write, as they were before they were changed. */
  requests: number
  /** The first case and the number of cases; all of them unless said. */
  only?: { from: number; count: number } | undefined
  width?: number
}

export interface FuzzReport {
  failures: string[]
  cases: number
  requests: number
  /** Requests that reached the upstream; answers of its that reached callers; errors that did. */
  seen: number
  passed: number
  refused: number
  /** Uploads that workerd ended before their end, after a whole answer (docs/platforms.md). */
  endedEarly: number
  seconds: number
}

const emptyCounts = { cases: 0, requests: 0, seen: 0, passed: 0, refused: 0, endedEarly: 0 }
/** workerd writes of a Host that makes no URL, and answers 500 by itself. */
const refusedHosts = /^Uncaught exception: .*TypeError: (?:Fetch API cannot load: http:|Invalid URL string).*$/gm
const maxFailures = 20
/** In milliseconds: longer than the gateway waits for a body (progress-watch.ts). */
const stuckMs = 60_000
const casesBetweenChecks = 200

export async function fuzz(run: FuzzRun): Promise<FuzzReport> {
  const { runtime, kind, seed, only, requests, width = 64 } = run
  const report: FuzzReport = { failures: [], ...emptyCounts, seconds: 0 }
  const fail = (each: FuzzCase | null, what: string) => {
    if (report.failures.length < maxFailures) report.failures.push(each ? described(run, each, what) : what)
  }
  const ledger = new Ledger(runtime, kind === 'answers', fail)
  const upstream = await startPlannedUpstream(ledger)
  const gateway = await run.startGateway({
    SHUB_URL: upstream.url,
    VX11_RATE_LIMIT_ENABLED: 'false',
    VX11_BREAKER_FAILURES: '1000',
    VX11_MAX_IN_FLIGHT: '4096',
    LOG_LEVEL: 'warn',
  })
  const startedAt = performance.now()
  let next = only?.from ?? 0
  const last = only ? only.from + only.count : Number.POSITIVE_INFINITY
  const worker = async () => {
    while (report.requests < requests && next < last && report.failures.length < maxFailures) {
      const each = makeCase(kind, seed, next++, token, runtime)
      report.cases++
      report.requests += each.written
      await hold(each)
      if (report.cases % casesBetweenChecks === 0) await expectAlive(gateway, fail)
    }
  }
  const hold = async (each: FuzzCase) => {
    ledger.open(each)
    const heard = await converse(gateway.url, each.caller, patienceFor(runtime, each))
    const { faults, passed, refused } = judge(runtime, ledger, each, heard)
    for (const fault of faults) fail(each, fault)
    report.passed += passed
    report.refused += refused
  }
  try {
    await Promise.all(Array.from({ length: width }, worker))
    await expectAlive(gateway, fail)
    const log = gateway.output().replaceAll(refusedHosts, '')
    if (/unexpected_error|unhandled|uncaught/i.test(log)) fail(null, `in the log:\n${log.slice(-2000)}`)
  } finally {
    await Promise.all([gateway.stop(), upstream.close()])
  }
  const { seen, endedEarly } = ledger
  return { ...report, seen, endedEarly, seconds: (performance.now() - startedAt) / 1000 }
}

/** Behind doubtful bytes another answer may come; behind lawful ones none may, which the next bytes would show. */
function patienceFor(runtime: Runtime, each: FuzzCase) {
  const { messages, doubt, rest } = each.reading
  const methods = methodsOf(each)
  const whole = messages.filter(({ complete }) => complete).length
  const isOpenEnded = doubt !== null || rest > 0 || whole < messages.length
  return {
    stuckMs,
    quietMs: isOpenEnded ? (runtime === 'Node' ? 30 : 100) : 1,
    isEnough(bytes: Buffer) {
      const answers = readAnswers(bytes, methods, false).messages.filter(({ complete }) => complete)
      const last = answers.at(-1)
      return answers.length >= whole || (last !== undefined && fieldValue(last.fields, 'connection') === 'close')
    },
  }
}

async function expectAlive(
  { url, process: { exitCode, signalCode } }: Gateway,
  fail: (each: null, what: string) => void,
) {
  const status = await fetch(`${url}/livez`).then(
    (response) => response.status,
    (error: Error) => error.message,
  )
  if (status !== 200 || exitCode !== null || signalCode !== null)
    fail(null, `/livez says ${status}; the process ended with ${exitCode ?? signalCode}`)
}

function described({ runtime, seed }: FuzzRun, { kind, number, how, caller, plans }: FuzzCase, what: string): string {
  const sent = caller.pieces.map((piece) => JSON.stringify(piece.toString('latin1', 0, 600)))
  const answers = plans.map(({ pieces, when, after, how: changes }) => {
    const bytes = JSON.stringify(Buffer.concat(pieces).toString('latin1', 0, 200))
    return `  answer ${when}, then ${after} [${changes.join(', ')}]: ${bytes}`
  })
  return [
    `${what}`,
    `  repeat: FUZZ_ON=${runtime} FUZZ_SEED=${seed} FUZZ_KIND=${kind} FUZZ_CASES=${number} npm run prove -- test/prove/fuzz.test.ts`,
    `  changes: ${how.join(', ') || 'none'}; the caller leaves ${caller.leaves}; it sends`,
    ...sent.map((piece) => `  ${piece}`),
    ...answers,
  ].join('\n')
}
