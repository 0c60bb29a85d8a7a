/** The options of a maintenance run, and the defaults for each trigger. */
import { type StepName, stepNames, type Trigger } from './report.ts'

export interface MaintenanceRequest {
  trigger: Trigger
  reason: string | null
  steps: readonly StepName[]
  /** True deletes expired rows, false only plans; null decides by database size. */
  apply: boolean | null
}

export interface MaintenanceChoices {
  apply?: boolean | null | undefined
  reason?: string | null | undefined
  backup?: boolean | undefined
  vacuum?: boolean | undefined
}

/** By default a full run with backup, which restarts the weekly interval. */
export function maintenanceRequest(trigger: Trigger, choices: MaintenanceChoices = {}): MaintenanceRequest {
  const { apply = null, reason = null, backup = true, vacuum = false } = choices
  const steps = stepNames.filter((step) => (step !== 'backup' || backup) && (step !== 'vacuum' || vacuum))
  return { trigger, reason, steps, apply }
}

/** True for a run with all steps of the weekly one. */
export const isFull = ({ steps }: Pick<MaintenanceRequest, 'steps'>): boolean =>
  stepNames.every((step) => step === 'vacuum' || steps.includes(step))

/** True for a run whose checks show the state of the database. */
export const isExamination = ({ steps }: Pick<MaintenanceRequest, 'steps'>): boolean =>
  (['quick_check', 'integrity_check', 'foreign_key_check'] as const).every((step) => steps.includes(step))
