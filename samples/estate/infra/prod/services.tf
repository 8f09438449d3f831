resource "terraform_data" "statement_writer" {
  input = {
    kind   = "function"
    name   = "statement-writer"
    bucket = module.records.id
    tags   = { owner = "team-payments", environment = local.environment }
  }
}

resource "terraform_data" "nightly_export" {
  input = {
    kind   = "job"
    name   = "nightly-export"
    reads  = module.records.id
    writes = module.logs.id
    tags   = { owner = "team-data", environment = local.environment }
  }
}

resource "terraform_data" "export_queue" {
  for_each = toset(["invoices", "refunds"])

  input = {
    kind     = "queue"
    name     = "export-${each.key}"
    consumer = terraform_data.nightly_export.id
    tags     = { owner = "team-data", environment = local.environment }
  }
}
