resource "aws_kms_key" "data" {
  description         = "payments data"
  enable_key_rotation = true
}

resource "aws_kms_alias" "data" {
  name          = "alias/payments-data"
  target_key_id = aws_kms_key.data.key_id
}

module "bucket" {
  source   = "./modules/bucket"
  for_each = toset(["invoices", "exports", "receipts"])
  name     = "payments-${each.key}"
  key_arn  = aws_kms_key.data.arn
}

resource "aws_sqs_queue" "charges" {
  name              = "payments-charges"
  kms_master_key_id = aws_kms_alias.data.name
  tags              = { team = "payments" }
}

resource "aws_dynamodb_table" "records" {
  for_each     = toset(["ledger", "attempts"])
  name         = "payments-${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
}

resource "aws_ssm_parameter" "secret" {
  count = 2
  name  = "/payments/secret-${count.index}"
  type  = "SecureString"
  value = "parameter-value-of-the-estate"
}
