/** What hermes registered: its providers and its local models. */
import type { Db } from '../../db/database.ts'
import { cliProviders, modelsLocal } from '../../db/schema/hermes.ts'

const maxRows = 500

export async function selectCatalog(db: Db) {
  const { name, baseUrl, taskTypes, enabled, dailyLimitTokens, monthlyLimitTokens } = cliProviders
  const { tokensUsedToday, tokensUsedMonth, updatedAt } = cliProviders
  const { sizeMb, category, status, compatibility, downloadedAt } = modelsLocal
  const [providers, models] = await db.batch([
    db
      .select({
        ...{ name, baseUrl, taskTypes, enabled, dailyLimitTokens, monthlyLimitTokens },
        ...{ tokensUsedToday, tokensUsedMonth, updatedAt },
      })
      .from(cliProviders)
      .orderBy(name)
      .limit(maxRows),
    db
      .select({
        ...{ name: modelsLocal.name, sizeMb, category, status, compatibility, downloadedAt },
        updatedAt: modelsLocal.updatedAt,
      })
      .from(modelsLocal)
      .orderBy(modelsLocal.name)
      .limit(maxRows),
  ])
  return { providers, models }
}
