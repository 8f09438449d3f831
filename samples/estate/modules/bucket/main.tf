variable "name" {
  type = string
}

variable "encrypted_with" {
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
    encrypted_with = var.encrypted_with
    tags           = var.tags
  }
}

output "id" {
  value = terraform_data.bucket.id
}
