/** The gateway's answers by the app's own types: a changed answer breaks the build here. */
import type { InferResponseType } from 'hono/client'
import type { DriftReport } from '../../../src/features/truth/drift/schema.ts'
import type { vx11 } from './api.ts'

type Gateway = typeof vx11
type Operator = Gateway['operator']['api']

export type Status = InferResponseType<Operator['status']['$get'], 200>
export type Service = Status['core_services'][string]
export type Topology = InferResponseType<Operator['topology']['$get'], 200>
export type WindowStatus = InferResponseType<Operator['window']['status']['$get'], 200>
export type Drift = DriftReport
export type Forecasts = InferResponseType<Operator['forecasts']['$get'], 200>
export type Rotation = InferResponseType<Operator['chat']['rotation']['$get'], 200>
export type Correlations = InferResponseType<Operator['correlations']['$get'], 200>
export type Gates = InferResponseType<Operator['gates']['$get'], 200>
export type Scorecard = InferResponseType<Operator['scorecard']['$get'], 200>
export type Webhooks = InferResponseType<Operator['webhooks']['$get'], 200>
export type Maintenance = InferResponseType<Operator['maintenance']['$get'], 200>
export type Breakers = InferResponseType<Gateway['vx11']['circuit-breaker']['status']['$get'], 200>
export type Providers = InferResponseType<Operator['chat']['providers']['$get'], 200>
export type Usage = InferResponseType<Operator['chat']['usage']['$get'], 200>
export type Sessions = InferResponseType<Operator['chat']['sessions']['$get'], 200>
export type Session = InferResponseType<Gateway['operator']['session'][':session_id']['$get'], 200>
export type Summary = InferResponseType<Gateway['vx11']['db']['summary']['$get'], 200>
