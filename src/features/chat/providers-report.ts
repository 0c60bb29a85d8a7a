/** Reports each provider: whether the next message may go there, and its results here and in the database. */

import { not } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { chatProvidersStats } from '../../db/schema/switch.ts'
import type { Provider } from '../../modules/chat/providers/provider.ts'
import type { ProviderState } from '../../modules/chat/providers/provider-states.ts'
import { isLearned } from '../../modules/chat/rotation/store.ts'
import type { Deps } from '../../ports/index.ts'
import type { ProviderReport, ProvidersReport } from './schema.ts'
import type { ChatService } from './service.ts'

export type ProvidersDeps = Pick<Deps, 'config' | 'database' | 'log'> & { chat: ChatService }

type Stored = Map<string | null, NonNullable<ProviderReport['stored']>>

export async function readProviders(
  deps: ProvidersDeps,
  { correlationId, acceptedMs }: { correlationId: string; acceptedMs: number | undefined },
): Promise<ProvidersReport> {
  const { chat, config } = deps
  const stored = await readStored(deps.database).catch(() => null)
  const providers = chat.providers()
  const reports = await Promise.all(
    providers.map(async (provider) =>
      describeProvider(
        provider,
        provider.configured ? await provider.refusal(acceptedMs) : 'not_configured',
        chat.states.read(provider.name),
        stored,
      ),
    ),
  )
  chat.states.probeDue(providers)
  const { timeoutMs, switchLane } = config.chat
  return { providers: reports, timeout_ms: timeoutMs, switch_lane: switchLane, correlation_id: correlationId }
}

/** Other writers may have named any number of them. */
const maxStored = 500

async function readStored(database: Database): Promise<Stored> {
  const rows = await database.open().select().from(chatProvidersStats).where(not(isLearned)).limit(maxStored)
  return new Map(
    rows.map(({ provider, successCount, failCount, avgLatencyMs }) => [
      provider,
      {
        answered: successCount ?? 0,
        failed: failCount ?? 0,
        mean_latency_ms: successCount ? (avgLatencyMs ?? null) : null,
      },
    ]),
  )
}

const describeProvider = (
  { name, kind, label, configured }: Provider,
  refusal: string | null,
  state: ProviderState,
  stored: Stored | null,
): ProviderReport => ({
  name,
  kind,
  label,
  configured,
  refusal: refusal ?? (state.circuit === 'closed' ? null : 'cooling_down'),
  circuit: state.circuit,
  cooling_until: iso(state.coolingUntil),
  last_success_at: iso(state.lastSuccessAt),
  last_failure: state.lastFailure && { ...state.lastFailure, at: new Date(state.lastFailure.at).toISOString() },
  here: { answered: state.successes, failed: state.failures, mean_latency_ms: state.averageLatencyMs },
  stored: stored && (stored.get(name) ?? { answered: 0, failed: 0, mean_latency_ms: null }),
})

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
