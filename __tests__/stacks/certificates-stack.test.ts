import { every, exampleSettings, synthesize } from "../synthesize";

const { stacks } = synthesize(exampleSettings());
const certificates = stacks["certificates"];

test("each region has a certificate of its own for the API's name and the region's", () => {
  const described = every(certificates, "aws_acm_certificate").map((certificate) => ({
    provider: certificate.provider,
    names: [certificate.domain_name, ...certificate.subject_alternative_names],
    method: certificate.validation_method,
  }));
  expect(described).toEqual([
    { provider: "aws.primary", names: ["api.example.com", "us-east-1.api.example.com"], method: "DNS" },
    { provider: "aws.secondary", names: ["api.example.com", "us-west-2.api.example.com"], method: "DNS" },
  ]);
});

test("the validation record of the API's name exists once, and both validations wait for it", () => {
  const records = certificates.resource.aws_route53_record;
  const forApiName = Object.keys(records).filter((id) => records[id].name.includes('"api.example.com"'));
  expect(forApiName).toHaveLength(1);
  const validations = every(certificates, "aws_acm_certificate_validation");
  expect(validations).toHaveLength(2);
  for (const validation of validations) {
    expect(validation.validation_record_fqdns).toContain(`\${aws_route53_record.${forApiName[0]}.fqdn}`);
    expect(validation.validation_record_fqdns).toHaveLength(2);
  }
});

test("no other stack owns a validation record", () => {
  for (const [name, stack] of Object.entries(stacks)) {
    if (name !== "certificates") expect(JSON.stringify(stack)).not.toContain("domain_validation_options");
  }
});

test("the shared record comes from the standby's certificate, through the standby's provider", () => {
  const shared = every(certificates, "aws_route53_record").find((record) => record.name.includes('"api.example.com"'));
  expect(shared.provider).toBe("aws.secondary");
  expect(shared.name).toContain("aws_acm_certificate.Certificate-secondary");
});
