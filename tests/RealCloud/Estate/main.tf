terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" {
  type = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "testing"
  secret_key                  = "testing"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false

  endpoints {
    dynamodb = var.endpoint
    ec2      = var.endpoint
    elbv2    = var.endpoint
    iam      = var.endpoint
    kms      = var.endpoint
    lambda   = var.endpoint
    s3       = var.endpoint
    sqs      = var.endpoint
    ssm      = var.endpoint
    sts      = var.endpoint
  }

  default_tags {
    tags = {
      environment = "prod"
    }
  }
}
