terraform {
  required_version = ">= 1.4"
}

locals {
  environment = "prod"
}

resource "terraform_data" "records_key" {
  input = {
    kind = "key"
    name = "records-key"
    tags = { owner = "team-security", environment = local.environment }
  }
}

module "records" {
  source     = "../../modules/bucket"
  name       = "acme-customer-records"
  kms_key_id = null
  tags       = { owner = "team-payments", environment = local.environment, data = "personal" }
}

module "logs" {
  source     = "../../modules/bucket"
  name       = "acme-access-logs"
  kms_key_id = terraform_data.records_key.id
  tags       = { owner = "team-platform", environment = local.environment }
}
