variable "name" {
  type = string
}

variable "encryption_key" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "terraform_data" "bucket" {
  input = {
    kind           = "bucket"
    name           = var.name
    encryption_key = var.encryption_key
    tags           = var.tags
  }
}

output "id" {
  value = terraform_data.bucket.id
}
