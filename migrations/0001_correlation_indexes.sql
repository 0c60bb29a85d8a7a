CREATE INDEX `idx_operator_events_correlation_id` ON `operator_events` (`correlation_id`) WHERE correlation_id is not null;--> statement-breakpoint
CREATE INDEX `idx_routing_events_trace_id` ON `routing_events` (`trace_id`);--> statement-breakpoint
CREATE INDEX `idx_routing_events_notable` ON `routing_events` (`route_type`) WHERE route_type in ('gateway_failed', 'gateway_slow');