/** Asks a module of VX11 for one whole answer in the shape that its provider reads. */
import * as v from 'valibot'
import { readJson } from '../../../lib/read-body.ts'
import type { Deps } from '../../../ports/index.ts'
import { tellUpstream } from '../../../upstream/ask.ts'
import { dormantUpstream } from '../../../upstream/target.ts'
import { refusedBy } from '../chain/failure.ts'
import { type AskLimits, ChatFailure } from './provider.ts'

export type ModuleDeps = Pick<Deps, 'config' | 'upstreams'>

interface ModuleQuestion extends AskLimits {
  target: string
  json: unknown
  correlationId: string
}

const maxAnswerLength = 1_048_576

export async function askModule<Schema extends v.GenericSchema>(
  deps: ModuleDeps,
  module: 'madre' | 'switch',
  schema: Schema,
  { idleMs, ...question }: ModuleQuestion,
): Promise<v.InferOutput<Schema>> {
  const answer = await tellUpstream(deps, module, { ...question, limits: { idleMs } })
  if (!answer) throw dormantUpstream(module)
  if (answer.status !== 200) throw refusedBy(answer)
  const parsed = v.safeParse(schema, await readJson(answer.body, maxAnswerLength))
  if (!parsed.success) throw new ChatFailure('malformed', 'unknown_shape')
  return parsed.output
}
