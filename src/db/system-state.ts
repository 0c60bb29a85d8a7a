/** What a row of `system_state` that keeps JSON under a key says of the rest. */

/** The other columns of `system_state` belong to its other keys. */
export const unmeasured = {
  memoryPressure: null,
  cpuPressure: null,
  switchQueueLevel: null,
  hermesUpdateRequired: null,
  shubPipelineState: null,
  operatorActive: null,
  systemLoadScore: null,
  modelRotationState: null,
  audioPipelineState: null,
  pendingTasks: null,
  activeChildren: null,
  powerMode: null,
}
