import { failKinds, retryKinds } from './routing-schema.ts';

/**
 * What allswell does with a key of LiteLLM's. `protective`: ignoring it would drop a protection, so it stops the start.
 * `routing`: it changes how LiteLLM routes requests and has no effect on allswell; one line lists all of them.
 */
export type KeyClass = 'honoured' | 'harmless' | 'protective' | 'routing';

export const keyClasses: readonly KeyClass[] = ['honoured', 'protective', 'routing', 'harmless'];

/** A key's class; undefined when no version of LiteLLM that we know has it. Blocks are named as in {@link keyTable}. */
export function classOf(block: string, key: string): KeyClass | undefined {
  const table = keyTable[block];
  return keyClasses.find((kind) => table?.[kind]?.includes(key));
}

export function keysOf(block: string): readonly string[] {
  return Object.values(keyTable[block] ?? {}).flat();
}

/** True if any block has this key. */
export function isKnownKey(key: string): boolean {
  return everyKey.has(key);
}

const redisKeys =
  words(`host port username password url db namespace ssl ssl_ca_certs ssl_certfile ssl_keyfile ssl_cert_reqs
  ssl_check_hostname startup_nodes redis_startup_nodes sentinel_nodes service_name sentinel_password`);

/** The one table: block -> class -> keys. A block's name is its path, with `[]` for every item of a list. */
export const keyTable: Readonly<Record<string, Readonly<Partial<Record<KeyClass, readonly string[]>>>>> = {
  '': {
    honoured:
      words(`model_list general_settings litellm_settings router_settings fleet_health environment_variables include
      credential_list`),
    protective: words('guardrails policies policy_attachments'),
    routing: words('model_group_alias'),
    harmless: words(`mcp_servers mcp_aliases mcp_tools assistant_settings files_settings finetune_settings
      vector_store_registry search_tools default_vertex_config callback_settings prompts agents agent_list
      test_settings`),
  },
  general_settings: {
    honoured:
      words(`master_key dangerously_permit_weak_or_unset_master_key background_health_checks use_shared_health_check
      health_check_interval health_check_details health_check_concurrency background_health_check_model_groups
      health_check_skip_disabled_background_models model_list_healthy_only allow_public_health_readiness_details
      enable_drain_endpoint drain_endpoint_token set_verbose coordination_redis
      enable_health_check_routing health_check_ignore_transient_errors
      max_request_size_mb max_in_flight_requests_per_worker alerting`),
    protective:
      words(`custom_auth custom_auth_settings custom_auth_run_common_checks custom_key_generate custom_key_update custom_sso
      enable_jwt_auth litellm_jwtauth jwt_settings enable_oauth2_auth enable_oauth2_proxy_auth oauth2_config_mappings
      allowed_ips allowed_routes admin_only_routes public_routes
      max_parallel_requests global_max_parallel_requests max_response_size_mb max_budget budget_duration
      database_url database_type database_args
      enforce_user_param enforced_params service_account_settings role_permissions user_api_key_auth default_team_disabled
      reject_clientside_metadata_tags guardrails
      fail_closed_rate_limit_enforcement fail_closed_budget_enforcement apply_user_budget_to_team_keys
      enforce_fallback_model_access enforce_rbac custom_key_policy custom_ui_sso_sign_in_handler
      vector_store_deny_by_default search_tool_deny_by_default agent_access_default_deny
      mcp_require_explicit_server_scope skill_scanner self_serve_budget_policy
      max_file_size_mb max_batch_file_size_mb max_batch_file_records max_batch_file_uploads_per_day
      max_file_downloads_per_minute allowed_file_extensions blocked_file_extensions`),
    routing: words('health_check_staleness_threshold max_queued_requests_per_worker admission_queue_timeout_seconds'),
    harmless:
      words(`store_model_in_db store_prompts_in_spend_logs disable_spend_logs disable_spend_updates disable_error_logs
      disable_master_key_return disable_adding_master_key_hash_to_db disable_reset_budget disable_retry_on_max_parallel_request_limit_error
      database_connection_pool_limit database_connection_timeout database_connect_timeout database_socket_timeout
      allow_requests_on_db_unavailable use_redis_transaction_buffer maximum_spend_logs_retention_period
      maximum_spend_logs_retention_interval maximum_spend_logs_cleanup_cron proxy_batch_write_at proxy_batch_polling_interval
      proxy_budget_rescheduler_min_time proxy_budget_rescheduler_max_time
      alerting_threshold alerting_args alert_types alert_to_webhook_url spend_report_frequency
      completion_model infer_model_from_keys allow_client_side_credentials forward_client_headers_to_llm_api
      forward_openai_org_id forward_llm_provider_auth_headers use_x_forwarded_for mcp_internal_ip_ranges
      key_management_system key_management_settings use_google_kms use_azure_key_vault load_google_kms
      user_header_name user_header_mappings ui_access_mode proxy_admin_user_id block_robots control_plane_url
      otel pass_through_endpoints supported_db_objects cancel_on_disconnect always_include_stream_usage
      plugins include_call_id_in_error_body missing_session_id litellm_key_header_name token_rate_limit_type
      expose_fallback_errors_to_caller use_team_public_model_name disable_custom_api_keys
      enable_claude_code_gateway claude_code_gateway_managed_settings enable_public_model_hub
      database_max_idle_connection_lifetime database_extra_connection_params database_disable_prepared_statements
      database_connection_pool_timeout disable_prisma_schema_update use_spend_logs_partitioning
      user_api_key_cache_ttl user_api_key_cache_max_size proxy_config_reload_interval_seconds scheduled_job_stagger
      spend_logs_metadata_fields spend_capture_rate_check track_unmanaged_batch_cost disable_budget_reservation
      maximum_health_check_retention_period maximum_autorouter_session_retention_period
      maximum_daily_tag_spend_retention_period maximum_spend_logs_cleanup_batch_size
      maximum_spend_logs_cleanup_max_batches maximum_spend_logs_cleanup_run_budget
      maximum_spend_logs_cleanup_batch_timeout
      max_failed_login_attempts_per_source max_failed_login_attempts_per_source_overrides failed_login_window_seconds
      failed_login_block_seconds password_policy_min_length password_policy_require_uppercase
      password_policy_require_lowercase password_policy_require_numbers password_policy_require_special_characters
      password_policy_check_breached_passwords disable_password_login_when_sso_enabled disable_env_credential_login
      allow_cli_sso_verification_uri_complete auto_redirect_ui_login_to_sso hide_default_credentials_hint
      disable_auto_add_proxy_admin_to_teams disable_key_generate_for_org_admin allow_user_auth
      custom_team_metadata_validate team_metadata_schema team_metadata_validation_error_message
      team_metadata_validation_timeout alert_type_config tracing
      pass_through_request_timeout responses_websocket_session_limit_seconds enable_openai_websocket_passthrough
      transcribe_media_buckets disable_bedrock_agent_runtime_passthrough passthrough_managed_object_ids
      disable_batch_input_file_rate_limiting skip_batch_input_file_rate_limiting_for_models
      skip_batch_input_file_rate_limiting_for_providers
      disable_responses_id_security allow_unmanaged_response_ids provider_url_destination_allowed_hosts
      enable_mcp_registry user_mcp_management_mode mcp_advertised_versions mcp_allowed_clients mcp_client_id_header
      mcp_trusted_proxy_ranges mcp_xff_num_trusted_hops mcp_prefer_client_id_metadata_document mcp_required_fields
      mcp_allow_all_keys_respects_mcp_scope mcp_client_side_auth_header_name mcp_session_token_signing
      require_end_user_mcp_access_defined require_key_mcp_access_defined trusted_proxy_ranges
      mcp_disabled_capabilities use_spend_logs_ledger request_tag_mappings return_wildcard_routes
      allowed_client_side_s3_buckets allowed_client_side_s3_endpoint_urls vertex_ai_pass_through_drop_anthropic_betas
      spend_logs_prompt_storage claude_code_marketplace_auth_required disable_requester_ip_address_logging
      disable_fallbacks_on_per_model_rate_limits maximum_spend_logs_size maximum_spend_logs_cleanup_target_size
      maximum_spend_logs_size_check_interval user_url_validation user_url_allowed_hosts
      disable_model_info_refresh search_tools`),
  },
  'general_settings.coordination_redis': {
    honoured: redisKeys,
    harmless: words('type max_connections socket_timeout'),
  },
  litellm_settings: {
    honoured:
      words(`cache cache_params set_verbose require_auth_for_metrics_endpoint drop_params num_retries request_timeout allowed_fails
      fallbacks context_window_fallbacks content_policy_fallbacks default_fallbacks max_fallbacks model_group_alias`),
    protective:
      words(`guardrails guardrail_name_config_map llm_guard_mode prompt_injection_params banned_keywords_list blocked_user_list
      google_moderation_confidence_threshold openai_moderations_model_name presidio_ad_hoc_recognizers presidio_language
      output_parse_pii
      max_budget budget_duration max_user_budget max_internal_user_budget internal_user_budget_duration max_end_user_budget
      max_end_user_budget_id max_ui_session_budget default_max_internal_user_budget tag_budget_config
      default_internal_user_params default_team_params default_team_settings upperbound_key_generate_params
      default_key_generate_params key_generation_settings custom_auth pre_call_rules post_call_rules
      block_requests_for_models_without_pricing validate_end_user_id_in_db require_managed_files
      llamaguard_model_name llamaguard_unsafe_content_categories`),
    routing: words(`num_retries_per_request tag_regex_routing priority_reservation
      priority_reservation_settings`),
    harmless: words(`callbacks success_callback failure_callback input_callback service_callback audit_log_callbacks
      langfuse_default_tags custom_provider_map user_url_validation user_url_allowed_hosts provider_url_destination_allowed_hosts
      modify_params add_function_to_prompt enable_preview_features force_ipv4 ssl_verify ssl_certificate
      json_logs turn_off_message_logging redact_user_api_key_info redact_messages_in_exceptions disable_streaming_logging
      disable_hf_tokenizer_download disable_end_user_cost_tracking disable_end_user_cost_tracking_prometheus_only
      disable_add_prefix_to_prompt disable_copilot_system_to_assistant return_response_headers
      public_model_groups public_agent_groups cost_discount_config cost_margin_config
      s3_callback_params gcs_bucket_name datadog_params prometheus_metrics_config prometheus_initialize_budget_metrics
      custom_prometheus_metadata_labels custom_prometheus_tags enable_end_user_cost_tracking_prometheus_only
      default_redis_batch_cache_expiry default_redis_ttl mcp_semantic_tool_filter
      disable_default_user_agent enable_json_schema_validation store_audit_logs
      databricks_api_key openai_key api_key telemetry verbose
      ai21_key aleph_alpha_key anthropic_key azure_key baseten_key clarifai_key cloudflare_api_key cohere_key databricks_key
      groq_key huggingface_key ollama_key openrouter_key predibase_key replicate_key togetherai_api_key wandb_key xai_key
      callback_settings credential_list use_aiohttp_transport disable_aiohttp_transport use_litellm_proxy
      force_redis_hash_tag_grouping prometheus_latency_buckets prometheus_exclude_metrics prometheus_exclude_labels`),
  },
  'litellm_settings.cache_params': {
    honoured: words('type').concat(redisKeys),
    harmless: words(`ttl default_in_memory_ttl default_in_redis_ttl default_redis_ttl max_connections socket_timeout
      supported_call_types redis_flush_size mode similarity_threshold redis_semantic_cache_embedding_model
      redis_semantic_cache_index_name disk_cache_dir s3_bucket_name s3_region_name s3_api_version s3_path s3_endpoint_url
      gcs_bucket_name gcs_path_service_account gcp_service_account gcp_ssl_ca_certs aws_iam_auth aws_iam_user_name
      aws_iam_cache_name aws_iam_region aws_iam_serverless azure_redis_ad_token azure_client_id azure_tenant_id
      azure_client_secret azure_account_url azure_blob_container gcs_path s3_use_ssl s3_verify s3_aws_access_key_id
      s3_aws_secret_access_key s3_aws_session_token s3_config valkey_semantic_cache_embedding_model
      valkey_semantic_cache_index_name qdrant_api_base qdrant_api_key qdrant_collection_name qdrant_quantization_config
      qdrant_semantic_cache_embedding_model qdrant_semantic_cache_vector_size semantic_cache_scope max_messages`),
  },
  router_settings: {
    honoured:
      words(`routing_strategy routing_strategy_args num_retries retry_after retry_policy model_group_retry_policy
      allowed_fails allowed_fails_policy cooldown_time disable_cooldowns timeout stream_timeout
      fallbacks context_window_fallbacks content_policy_fallbacks default_fallbacks max_fallbacks model_group_alias
      enable_tag_filtering tag_filtering_match_any default_max_parallel_requests
      enable_health_check_routing health_check_ignore_transient_errors`),
    protective: words('provider_budget_config tag_budget_config enforce_model_rate_limits guardrail_list'),
    routing:
      words(`enable_pre_call_checks optional_pre_call_checks tag_routing_prefix default_priority default_litellm_params
      routing_groups plugins deployment_affinity_ttl_seconds model_group_affinity_config
      health_check_staleness_threshold background_health_check_model_groups`),
    harmless:
      words(`redis_host redis_port redis_password redis_url redis_db polling_interval set_verbose debug_level cache_responses
      cache_kwargs caching_groups client_ttl alerting_config assistants_config search_tools router_general_settings
      auto_router_capability_limit ignore_invalid_deployments enable_weighted_failover`),
  },
  'router_settings.routing_strategy_args': {
    honoured: words('lowest_latency_buffer'),
    routing: words('ttl max_latency_list_size ttft_percentile'),
  },
  'router_settings.retry_policy': { honoured: retryKinds.map((kind) => `${kind}Retries`) },
  'router_settings.allowed_fails_policy': { honoured: failKinds.map((kind) => `${kind}AllowedFails`) },
  fleet_health: {
    honoured:
      words(`fleet identity_secret expected_pods accept_ignored rise fall interval edge_interval concurrency lease
      store_deadline boot_window history level redis_password_file metrics_auth public_up dashboard agent_check_port envoy_eds_dir keys budget litellm_bridge state_dir gateway alerts status_page slo`),
  },
  'fleet_health.alerts': { honoured: words('group_window for damping receivers') },
  'fleet_health.alerts.receivers[]': { honoured: words('name type url secret routing_key kinds') },
  'fleet_health.litellm_bridge': { honoured: words('enabled cooldowns') },
  'fleet_health.gateway': {
    honoured: words(
      `max_body_bytes max_in_flight max_buffered_bytes max_connections header_timeout body_timeout first_byte_timeout idle_timeout`,
    ),
  },
  'fleet_health.concurrency': { honoured: words('total per_host') },
  'fleet_health.status_page': { honoured: words('groups title show_holds') },
  'fleet_health.slo': { honoured: words('availability window_days groups') },
  'fleet_health.history': { honoured: words('points_per_target points_per_fleet age') },
  'fleet_health.level': { honoured: words('mode model') },
  'fleet_health.keys[]': { honoured: words('name sha256 role models') },
  'fleet_health.budget': { honoured: words('usd_per_day probes_per_hour per_target') },
  'fleet_health.budget.per_target': { honoured: words('usd_per_day probes_per_hour') },
  'model_list[]': { honoured: words('model_name litellm_params model_info rpm tpm') },
  'model_list[].litellm_params': {
    honoured:
      words(`model api_base base_url api_key azure_ad_token litellm_credential_name api_version organization custom_llm_provider
      headers extra_headers extra_body region_name aws_region_name vertex_location input_cost_per_token output_cost_per_token
      aws_access_key_id aws_secret_access_key aws_session_token aws_session_name aws_profile_name aws_role_name
      aws_external_id aws_web_identity_token aws_sts_endpoint aws_bedrock_runtime_endpoint model_id vertex_project
      vertex_credentials tenant_id client_id client_secret azure_username azure_password azure_scope
      timeout stream_timeout rpm tpm max_parallel_requests weight order tags drop_params num_retries cooldown_time`),
    protective: words('guardrails max_budget budget_duration max_file_size_mb'),
    routing:
      words(`timeout_by_service_tier stream_timeout_by_service_tier max_retries itpm otpm tag_regex provider_affinity_header auto_router_config
      auto_router_config_path auto_router_default_model auto_router_embedding_model complexity_router_config
      complexity_router_default_model adaptive_router_config adaptive_router_default_model quality_router_config
      quality_router_default_model`),
    harmless:
      words(`temperature top_p max_tokens max_completion_tokens stop seed stream n presence_penalty frequency_penalty
      reasoning_effort thinking additional_drop_params mock_response base_model
      merge_reasoning_content_in_choices use_in_pass_through configurable_clientside_auth_params
      watsonx_region_name input_cost_per_second output_cost_per_second model_info dimensions encoding_format`),
  },
  'model_list[].model_info': {
    honoured: words(`id mode base_model health_check_timeout health_check_model health_check_max_tokens
      health_check_max_tokens_reasoning health_check_max_tokens_non_reasoning health_check_reasoning_effort health_check_params
      health_check_supports_max_tokens health_check_voice disable_background_health_check supported_environments input_cost_per_token output_cost_per_token`),
    protective: words('blocked access_windows'),
    routing: words('allow_fail_open enable_tag_filtering'),
    harmless: words(`db_model description access_groups team_id team_public_model_name
      max_tokens max_input_tokens max_output_tokens supports_vision supports_function_calling supports_reasoning
      litellm_provider created_at updated_at created_by updated_by rpm tpm tier
      discoverable member_auto_router internal_router_model ptu_count cost_per_ptu_per_hour ptu_effective_from
      ptu_effective_to`),
  },
};

/** Callbacks that only write down what happened; any other one may redact or refuse. */
export const recordingCallbacks: ReadonlySet<string> = new Set(
  words(`langfuse langfuse_otel langsmith otel opentelemetry arize arize_phoenix prometheus datadog datadog_llm_observability
    s3 s3_v2 gcs_bucket gcs_pubsub sqs azure_storage helicone lunary logfire athina braintrust wandb mlflow sentry posthog
    promptlayer traceloop openmeter lago greenscale galileo humanloop literalai argilla supabase dynamodb slack
    generic_api opik deepeval weave_otel levo focus cloudzero vantage websearch_interception`),
);

const everyKey: ReadonlySet<string> = new Set(Object.keys(keyTable).flatMap(keysOf));

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Read for routing alone, in `router_settings` or as a default of one there. */
export function isOfRouting(key: string): boolean {
  return classOf('router_settings', key) === 'honoured' || key === 'request_timeout';
}

/** In a block of LiteLLM's a key may be one of a later version; in our own it can only be a slip. */
export function isOurs(block: string): boolean {
  return block === 'fleet_health' || block.startsWith('fleet_health.') || block.startsWith('fleet_health[');
}
