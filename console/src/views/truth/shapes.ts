/** The two answers of the truth routes. */
import type { RuntimeTruthReport, ServiceTruthReport } from '../../../../src/features/truth/schema.ts'

export type Report = RuntimeTruthReport
export type OneReport = ServiceTruthReport
export type ServiceTruth = Report['services'][number]
