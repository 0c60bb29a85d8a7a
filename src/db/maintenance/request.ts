/** What a maintenance run is asked to do, and what each occasion asks for. */
import { type StepName, stepNames, type Trigger } from './report.ts'

export interface MaintenanceRequest {
  trigger: Trigger
  reason: string | null
  steps: readonly StepName[]
  /** Deletes what retention finds, or only plans; null leaves it to the size of the database. */
  apply: boolean | null
}

export interface MaintenanceChoices {
  apply?: boolean | null | undefined
  reason?: string | null | undefined
  backup?: boolean | undefined
  vacuum?: boolean | undefined
}

/** A full run with its backup, which resets the week, unless the choices leave it out. */
export function maintenanceRequest(trigger: Trigger, choices: MaintenanceChoices = {}): MaintenanceRequest {
  const { apply = null, reason = null, backup = true, vacuum = false } = choices
  const steps = stepNames.filter((step) => (step !== 'backup' || backup) && (step !== 'vacuum' || vacuum))
  return { trigger, reason, steps, apply }
}

/** True for a run that does what the weekly one does. */
export const isFull = ({ steps }: Pick<MaintenanceRequest, 'steps'>): boolean =>
  stepNames.every((step) => step === 'vacuum' || steps.includes(step))

/** True for a run whose checks say how the database is. */
export const isExamination = ({ steps }: Pick<MaintenanceRequest, 'steps'>): boolean =>
  (['quick_check', 'integrity_check', 'foreign_key_check'] as const).every((step) => steps.includes(step))
