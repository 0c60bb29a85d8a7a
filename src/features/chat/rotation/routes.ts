/** The order in which the chat asks its models: read by operators, pinned and frozen by administrators. */
import { type Context, Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { noteAct } from '../../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { readBody, takesBody } from '../../../http/routing/input.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { describeRotation, type RotationReportDeps } from './report.ts'
import { PinRequest, RotationReport } from './schema.ts'

const changeErrors = [...guardErrors, 'off_by_policy', 'feature_disabled', 'database_unavailable'] as const

export const rotationRoutes = (deps: RotationReportDeps) => {
  const { rotation } = deps.chat
  const report = (c: Context<AppEnv>) => describeRotation(deps, c.var.correlationId)
  const by = (c: Context<AppEnv>) => c.get('principal')?.name ?? null
  const pinned = () => rotation.read().record.pinned?.model ?? null

  async function pin(c: Context<AppEnv>, model: string | null) {
    noteAct(c, { target: model ?? pinned(), before: { pinned: pinned() }, after: { pinned: model } })
    await rotation.pin(model, by(c))
    return report(c)
  }

  async function freeze(c: Context<AppEnv>, isFrozen: boolean) {
    const { order, record } = rotation.read()
    noteAct(c, { before: { frozen: record.frozen !== null }, after: { frozen: isFrozen, order } })
    await rotation.freeze(isFrozen, by(c))
    return report(c)
  }

  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getChatRotation',
        tag: 'Chat',
        summary: 'The order of the models of the chat, what was learned of each, and why it stands there',
        answers: { 200: RotationReport },
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        await rotation.ready()
        return c.json(report(c))
      },
    )
    .put(
      '/pin',
      describe({
        id: 'pinChatModel',
        tag: 'Chat',
        summary: 'Asks this model first until it is unpinned, whatever is learned',
        answers: { 200: RotationReport },
        errors: [...changeErrors, 'chat_model_not_found', 'validation_error'],
      }),
      takesBody(PinRequest, { example: { model: 'local_llm' } }),
      noStore,
      async (c) => c.json(await pin(c, (await readBody(c, PinRequest)).model)),
    )
    .delete(
      '/pin',
      describe({
        id: 'unpinChatModel',
        tag: 'Chat',
        summary: 'Lets the learned order hold again',
        answers: { 200: RotationReport },
        errors: changeErrors,
      }),
      noStore,
      async (c) => c.json(await pin(c, null)),
    )
    .put(
      '/freeze',
      describe({
        id: 'freezeChatOrder',
        tag: 'Chat',
        summary: 'Keeps the order as it is; figures are still learned',
        answers: { 200: RotationReport },
        errors: changeErrors,
      }),
      noStore,
      async (c) => c.json(await freeze(c, true)),
    )
    .delete(
      '/freeze',
      describe({
        id: 'unfreezeChatOrder',
        tag: 'Chat',
        summary: 'Lets the order follow what is learned again',
        answers: { 200: RotationReport },
        errors: changeErrors,
      }),
      noStore,
      async (c) => c.json(await freeze(c, false)),
    )
}
