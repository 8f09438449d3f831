resource "aws_iam_role" "web" {
  name = "payments-web"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"] } }]
  })
}

resource "aws_iam_policy" "read" {
  name = "payments-read"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "web_reads" {
  role       = aws_iam_role.web.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_instance_profile" "web" {
  name = "payments-web"
  role = aws_iam_role.web.name
}

resource "aws_instance" "web" {
  count                  = 2
  ami                    = "ami-12c6146b"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private[count.index].id
  vpc_security_group_ids = [aws_security_group.tier["web"].id]
  iam_instance_profile   = aws_iam_instance_profile.web.name
  user_data              = "export TOKEN=user-data-of-the-estate"
  tags                   = { Name = "web-${count.index}" }
}

resource "aws_network_interface" "spare" {
  subnet_id       = aws_subnet.private[1].id
  security_groups = [aws_security_group.tier["data"].id]
}

resource "aws_ebs_volume" "records" {
  availability_zone = "us-east-1a"
  size              = 8
  encrypted         = true
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_volume_attachment" "records" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.records.id
  instance_id = aws_instance.web[0].id
}

resource "aws_lambda_function" "charge" {
  function_name = "payments-charge"
  role          = aws_iam_role.web.arn
  runtime       = "python3.12"
  handler       = "index.handler"
  filename      = "${path.module}/charge.zip"

  environment {
    variables = { API_PASSWORD = "lambda-value-of-the-estate" }
  }

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.tier["web"].id]
  }
}

resource "aws_lb_target_group" "web" {
  name     = "payments-web"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_target_group_attachment" "web" {
  count            = 2
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web[count.index].id
}
