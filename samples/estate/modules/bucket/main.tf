variable "name" {
  type = string
}

variable "kms_key_id" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "terraform_data" "bucket" {
  input = {
    kind       = "bucket"
    name       = var.name
    kms_key_id = var.kms_key_id
    tags       = var.tags
  }
}

output "id" {
  value = terraform_data.bucket.id
}
