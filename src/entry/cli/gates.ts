/** `npm run gates`: prints the eight gates of the running gateway; exits with 1 if one fails, 2 without an answer. */
import * as v from 'valibot'
import { parseConfig } from '../../config/config.ts'
import { type Gate, GateReport } from '../../features/truth/gates/schema.ts'
import { runningGateway } from './running-gateway.ts'

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  return 2
})

async function main(): Promise<number> {
  const gateway = runningGateway(parseConfig({ ...process.env, VX11_ENV: 'development' }), process.env)
  const response = await gateway.ask('/operator/api/gates?fresh=true').catch(() => {
    throw new Error(`No gateway answers at ${gateway.url}. Start it, or set HOST and PORT to where it runs.`)
  })
  if (!response.ok)
    throw new Error(`The gateway at ${gateway.url} answered ${response.status}: ${await reasonOf(response)}`)
  const report = v.parse(GateReport, await response.json())
  const { passed, failed, skipped } = report
  process.stdout.write(
    `${report.gates.map(describe).join('\n')}\n\n${passed} passed, ${failed} failed, ${skipped} skipped\n`,
  )
  return failed === 0 ? 0 : 1
}

async function reasonOf(response: Response): Promise<string> {
  const problem = v.safeParse(v.object({ detail: v.string() }), await response.json().catch(() => null))
  return problem.success ? problem.output.detail : 'no reason given'
}

function describe({ gate, verdict, measured, findings, action }: Gate): string {
  const more = [...findings.map((finding) => `- ${finding}`), ...(action === null ? [] : [`> ${action}`])]
  return [`${verdict.toUpperCase()}  ${gate.padEnd(21)}  ${measured}`, ...more.map((line) => `      ${line}`)].join(
    '\n',
  )
}
