/** The exit statuses of `tentaculo`, and which one an error ends with (docs/cli.md). */
import { GatewayProblem, Unreachable } from '../../../../clients/typescript/src/problem.ts'

export const exitStatus = {
  done: 0,
  /** Refused by the gateway, failed, or the answer is not the good one: a gate failed, a service is broken. */
  failed: 1,
  /** The command line cannot be carried out. */
  misused: 2,
  /** No gateway answers. */
  unanswered: 3,
} as const

type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

/** Ends the command with one sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly status: ExitStatus

  constructor(status: keyof typeof exitStatus, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.status = exitStatus[status]
  }
}

export function statusOf(error: unknown): ExitStatus {
  if (error instanceof CommandError) return error.status
  return error instanceof Unreachable ? exitStatus.unanswered : exitStatus.failed
}

/** One readable sentence, without a stack. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof GatewayProblem)) return error instanceof Error ? error.message : String(error)
  const advice = error.status === 401 ? ' Set VX11_TENTACULO_LINK_TOKEN, or name a file with --token-file.' : ''
  const { detail } = error.body
  if (!Array.isArray(detail)) return error.message + advice
  const issues = detail.map(({ loc, msg }) => [loc.slice(1).join('.'), msg].filter((part) => part !== '').join(': '))
  return `${error.status} ${error.code}: ${issues.join('; ')}`
}
