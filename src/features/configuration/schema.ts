/** What POST /operator/api/config/reload gives. */
import * as v from 'valibot'
import { ConfigurationView } from '../../modules/configuration/view.ts'

export const ReloadedConfiguration = v.object({
  status: v.picklist(['applied', 'unchanged']),
  /** Variables whose new values are in force. */
  changed: v.array(v.string()),
  /** Variables whose new values wait for a restart. */
  needs_restart: v.array(v.string()),
  ...ConfigurationView.entries,
  correlation_id: v.string(),
})
