"""密封的个人信息: telephones and identity numbers under keys outside the database."""
