/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. The Lambda runtime hands a function its role's credentials in
 * environment variables; the chain's other links (profiles, SSO, web identity, instance metadata) are some 90 kB that a cold start
 * would read for nothing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
