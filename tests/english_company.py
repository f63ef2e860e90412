"""The company of the second shipped example: English names, due dates, a status in words."""

from pathlib import Path

import campaign.file

EXAMPLE = Path(campaign.file.__file__).with_name("example_due_date.yaml")

TABLES = (
    """CREATE TABLE customers (
        id INT PRIMARY KEY AUTO_INCREMENT,
        full_name VARCHAR(80) NULL,
        national_id VARCHAR(20) NULL,
        mobile_phone VARCHAR(40) NULL,
        home_phone VARCHAR(40) NULL,
        status ENUM('active', 'suspended', 'left') NOT NULL DEFAULT 'active',
        call_requested BOOLEAN NOT NULL DEFAULT TRUE,
        call_delivered BOOLEAN NOT NULL DEFAULT FALSE,
        call_attempts INT NOT NULL DEFAULT 0,
        call_delivered_at DATETIME NULL
    )""",
    """CREATE TABLE invoices (
        id INT PRIMARY KEY AUTO_INCREMENT,
        customer_id INT NOT NULL,
        status ENUM('draft', 'open', 'paid') NOT NULL,
        due_date DATE NULL,
        balance DECIMAL(12, 2) NOT NULL,
        KEY (customer_id, status)
    )""",
)
